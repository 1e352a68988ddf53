"""What templates of every room use: built files, addresses of a city's pages, icons, content in two languages."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from metacity.commons import addresses, frontend, i18n

register = template.Library()


@register.simple_tag
def vite(name: str, quiet: bool = False) -> SafeString:
    """Links to the styles and the script of the entry `static/src/entries/<name>.ts`.

    With `quiet`, a front end that is not built gives a plain page instead of an error: for the page about errors.
    """
    try:
        entry = frontend.entry(name)
    except frontend.FrontEndNotBuilt:
        if not quiet:
            raise
        entry = None
    if entry is None:
        return SafeString("")
    styles = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((style,) for style in entry.styles))
    preloads = format_html_join("\n", '<link rel="modulepreload" href="{}">', ((file,) for file in entry.preloads))
    script = format_html('<script type="module" src="{}"></script>', entry.script)
    return format_html_join("\n", "{}", ((part,) for part in (styles, preloads, script) if part))


@register.simple_tag
def city_url(name: str, city: Any = None, *args: Any, **kwargs: Any) -> str:
    """`{% city_url 'proposals:detail' city proposal.id %}`: the page in that city, short for the default one."""
    return addresses.city_url(name, city or None, *args, **kwargs)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from the sprite, for eyes only: the text beside it says the same."""
    href = f"{static('icons.svg')}#{name}"
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.filter
def localised(source: object, name: str) -> str:
    """`{{ city|localised:"name" }}`: the field in the language of the page."""
    return i18n.localised(source, name)
