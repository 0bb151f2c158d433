"""Orders, who bought, and what."""

from django.db import models


class Buyer(models.Model):
    """Who bought."""

    name = models.CharField(max_length=100)

    def __str__(self):
        return self.name


class Product(models.Model):
    """What is sold."""

    name = models.CharField(max_length=100)

    def __str__(self):
        return self.name


class Order(models.Model):
    """One order."""

    number = models.IntegerField(unique=True)
    buyer = models.ForeignKey(Buyer, on_delete=models.CASCADE, related_name="orders")

    def __str__(self):
        return str(self.number)


class Line(models.Model):
    """One line of an order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lines")

    def __str__(self):
        return str(self.product)
