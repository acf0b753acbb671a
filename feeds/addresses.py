"""Where everything is: one function decides every page, and the feeds lie beside their page."""

from typing import Literal

Kind = Literal["home", "tag", "author", "post"]


def page(kind: Kind, slug: str = "") -> str:
    """The path of a page under the site's url.

    ========  =====================  ===============================================
    kind      page                   feeds beside it
    ========  =====================  ===============================================
    home      ``/``                  ``/rss.xml``, ``/atom.xml``, ``/feed.json``
    tag       ``/tags/<slug>/``      ``/tags/<slug>/rss.xml`` and so on
    author    ``/authors/<slug>/``   ``/authors/<slug>/rss.xml`` and so on
    post      ``/posts/<slug>/``     none
    ========  =====================  ===============================================

    Besides there are ``/style.css`` and ``/favicon.ico``.
    """
    return {
        "home": "/",
        "tag": f"/tags/{slug}/",
        "author": f"/authors/{slug}/",
        "post": f"/posts/{slug}/",
    }[kind]
