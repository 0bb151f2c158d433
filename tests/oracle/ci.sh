#!/usr/bin/env bash
# The oracle under the oldest or the newest Django that a Python allows, in a fresh environment.
#
#     tests/oracle/ci.sh                          oldest, python3
#     tests/oracle/ci.sh newest                   newest
#     PYTHON=python3.10 tests/oracle/ci.sh oldest path/to/qs_lint.whl
set -euo pipefail

which=${1:-oldest}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
package=${2:-$root}
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $which in
    # Django 4.2 runs on Python up to 3.12, Django 5.2 on newer ones.
    oldest) django=$("$python" -c 'import sys; print("4.2" if sys.version_info < (3, 13) else "5.2")')
            packages=("django==$django.*") ;;
    newest) packages=("django") ;;
    *) echo "usage: $0 [oldest|newest] [package]" >&2; exit 2 ;;
esac

"$python" -m venv --without-pip "$work/venv"
"$python" -m pip --python "$work/venv" install -q "$package" "${packages[@]}" \
    djangorestframework django-filter django-model-utils django-simple-history libcst pytest \
    pytest-xdist time-machine
"$work/venv/bin/python" -c \
    'import sys, django; print("Python", sys.version.split()[0], "Django", django.__version__)'
cd "$root"
"$work/venv/bin/python" -m pytest -q -n 2 -p no:cacheprovider tests/oracle
