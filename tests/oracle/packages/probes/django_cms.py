"""django CMS: plugins and pages."""

from cms.models import CMSPlugin, Page
from cms.plugin_base import CMSPluginBase

APPS = ["cms", "menus", "treebeard", "sekizai"]
SETTINGS = {"CMS_CONFIRM_VERSION4": True, "SITE_ID": 1}


def served():
    """How many objects two plugins of one kind are rendered by."""
    from cms.plugin_pool import plugin_pool

    class Hello(CMSPluginBase):
        model = CMSPlugin
        render_template = "none.html"

    if "Hello" not in plugin_pool.plugins:
        plugin_pool.register_plugin(Hello)
    plugins = [CMSPlugin(plugin_type="Hello", language="en") for _ in range(2)]
    found = [plugin.get_plugin_instance()[1] for plugin in plugins]
    return len({id(each) for each in found})


MODELS = {"cms.models.Page": "Page"}
OBJECTS = {"cms.models.managers.PageManager": "Page.objects"}
LIVES = {"cms.plugin_base.CMSPluginBase": "served()"}
