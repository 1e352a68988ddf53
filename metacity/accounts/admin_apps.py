"""Django's admin as this project runs it."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin, behind the office's second factor and for the operator only."""

    default_site = "metacity.accounts.admin_site.OperatorSite"
