"""Single sign-on configurations through the API, and failed transmissions of course metadata."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.utils import timezone
from enterprise.api.v1.views import enterprise_customer_sso_configuration
from enterprise.constants import ENTERPRISE_DASHBOARD_ADMIN_ROLE
from enterprise.models import (
    EnterpriseCustomer,
    EnterpriseCustomerSsoConfiguration,
    EnterpriseFeatureRole,
    EnterpriseFeatureUserRoleAssignment,
)
from integrated_channels.integrated_channel import models
from rest_framework.test import APIClient
from two_requests import Answer, Scenario


def customer() -> EnterpriseCustomer:
    """A customer of the platform."""
    site = Site.objects.get_or_create(domain="example.com", name="example.com")[0]
    return EnterpriseCustomer.objects.create(name="customer", slug="customer", site=site)


def configuration(name: str) -> None:
    """A single sign-on configuration of the customer's."""
    owner = EnterpriseCustomer.objects.get()
    EnterpriseCustomerSsoConfiguration.objects.create(
        enterprise_customer=owner, display_name=name, metadata_url=f"https://{name}.example.com"
    )


def staff_and_configuration() -> None:
    """A member of staff who may see the dashboard, and one configuration."""
    customer()
    staff = get_user_model().objects.create_user("staff", is_staff=True)
    role = EnterpriseFeatureRole.objects.get_or_create(name=ENTERPRISE_DASHBOARD_ADMIN_ROLE)[0]
    EnterpriseFeatureUserRoleAssignment.objects.create(user=staff, role=role)
    configuration("first")


def listed() -> Answer:
    """The configurations that a member of staff is shown who asks for no customer."""
    client = APIClient()
    client.force_authenticate(get_user_model().objects.get(username="staff"))
    response = client.get("/enterprise/api/v1/enterprise_customer_sso_configuration/")
    assert response.status_code == 200, response.content
    return sorted(one["display_name"] for one in response.json())


def another() -> None:
    """Somebody adds a configuration."""
    configuration("second")


def renew_view() -> None:
    """A queryset without rows takes the place of the one that the view's class keeps."""
    view = enterprise_customer_sso_configuration.EnterpriseCustomerSsoConfigurationViewSet
    view.queryset = view.queryset.all()


def failed(**remote: dt.datetime) -> None:
    """A transmission to a learning management system that failed a moment ago."""
    models.ContentMetadataItemTransmission.objects.create(
        enterprise_customer=customer(),
        integrated_channel_code="GENERIC",
        plugin_configuration_id=1,
        content_id="course",
        channel_metadata={},
        remote_errored_at=timezone.now(),
        api_response_status_code=500,
        **remote,
    )


def nobody() -> None:
    """Nothing happens; two days pass."""


def renew_clock() -> None:
    """The module's constant is computed again."""
    models.LAST_24_HRS = timezone.now() - dt.timedelta(hours=24)


def transmissions(kind: str, *done: str) -> Scenario:
    """Which records of a kind are to be sent again, when one of them failed."""

    def prepare() -> None:
        failed(**{f"remote_{what}_at": timezone.now() for what in done})

    def ask() -> Answer:
        query = getattr(models.ContentMetadataItemTransmission, kind)
        found = query(EnterpriseCustomer.objects.get(), 1, "GENERIC", "course")
        return [one.content_id for one in found]

    return Scenario(prepare, ask, nobody, renew_clock)


SCENARIOS = {
    "sso-configurations": Scenario(staff_and_configuration, listed, another, renew_view),
    "deleted": transmissions("deleted_transmissions", "deleted"),
    "create": transmissions("incomplete_create_transmissions", "created"),
    "update": transmissions("incomplete_update_transmissions", "created", "updated"),
    "delete": transmissions("incomplete_delete_transmissions", "created", "deleted"),
}
