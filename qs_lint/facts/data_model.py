"""Python's data model: the special methods that an operation calls, and what versions differ in."""

from __future__ import annotations

#: Functions of one argument that call a special method of it: the first one that there is.
CONVERSIONS: dict[str, tuple[str, ...]] = {
    "builtins.abs": ("__abs__",),
    "builtins.aiter": ("__aiter__",),
    "builtins.anext": ("__anext__",),
    "builtins.bytes": ("__bytes__", "__iter__"),
    "builtins.complex": ("__complex__", "__float__", "__index__"),
    "builtins.dir": ("__dir__",),
    "builtins.divmod": ("__divmod__",),
    "builtins.float": ("__float__", "__index__"),
    "builtins.hash": ("__hash__",),
    "builtins.int": ("__int__", "__index__", "__trunc__"),
    "builtins.next": ("__next__",),
    "builtins.pow": ("__pow__",),
    "builtins.reversed": ("__reversed__",),
    "builtins.round": ("__round__",),
    "copy.copy": ("__copy__",),
    "copy.deepcopy": ("__deepcopy__",),
    "math.ceil": ("__ceil__",),
    "math.floor": ("__floor__",),
    "math.trunc": ("__trunc__",),
    "operator.index": ("__index__",),
    "os.fspath": ("__fspath__",),
}

#: Node of a binary operator -> the methods of the left, of the right, and for ``x op= y``.
OPERATORS: dict[str, tuple[str, str, str]] = {
    node: (f"__{name}__", f"__r{name}__", f"__i{name}__")
    for node, name in (
        ("Add", "add"),
        ("Sub", "sub"),
        ("Mult", "mul"),
        ("MatMult", "matmul"),
        ("Div", "truediv"),
        ("FloorDiv", "floordiv"),
        ("Mod", "mod"),
        ("Pow", "pow"),
        ("LShift", "lshift"),
        ("RShift", "rshift"),
        ("BitAnd", "and"),
        ("BitOr", "or"),
        ("BitXor", "xor"),
    )
}

#: Node of a comparison -> the methods of the left and of the right.
COMPARISONS: dict[str, tuple[str, str]] = {
    "Eq": ("__eq__", "__eq__"),
    "NotEq": ("__ne__", "__ne__"),
    "Lt": ("__lt__", "__gt__"),
    "LtE": ("__le__", "__ge__"),
    "Gt": ("__gt__", "__lt__"),
    "GtE": ("__ge__", "__le__"),
}

#: Node of a unary operator -> the method.
UNARY: dict[str, str] = {"USub": "__neg__", "UAdd": "__pos__", "Invert": "__invert__"}

#: Since this version annotations are evaluated when somebody reads them, not with the statement.
LAZY_ANNOTATIONS_SINCE = (3, 14)
