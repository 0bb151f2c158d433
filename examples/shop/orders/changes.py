"""What happens in the shop: the rows to begin with, and the changes while it is open."""

from django.db.models import Max

from orders.models import Buyer, Line, Order, Product


def begin():
    """Write the rows that are there when the process starts."""
    for number, buyer, product in ((1001, "Ada", "lamp"), (1002, "Ben", "chair")):
        order = Order.objects.create(number=number, buyer=Buyer.objects.create(name=buyer))
        Line.objects.create(order=order, product=Product.objects.create(name=product))


def write():
    """Write a new order by a buyer and of a product that have new names from now on."""
    buyer, product = Buyer.objects.earliest("pk"), Product.objects.earliest("pk")
    buyer.name, product.name = "Ada Lovelace", "desk lamp"
    buyer.save()
    product.save()
    number = Order.objects.aggregate(last=Max("number"))["last"] + 1
    order = Order.objects.create(number=number, buyer=buyer)
    Line.objects.create(order=order, product=product)
