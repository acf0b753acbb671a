"""An OpenSearch 1.1 description, by which browsers can search the blog from their address bar.

It names the page alone: that is there in a built folder too. The page of what was found names the
feeds of the search.
"""

from html import escape

from feeds import addresses, markup
from feeds.model import Site

MEDIA_TYPE = "application/opensearchdescription+xml"

_DOCUMENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>{name}</ShortName>
  <Description>{description}</Description>
  <Url type="text/html" template="{url}?q={{searchTerms}}"/>
  <Query role="example" searchTerms="{example}"/>
  <Image>{image}</Image>
  <Language>{language}</Language>
  <InputEncoding>UTF-8</InputEncoding>
  <OutputEncoding>UTF-8</OutputEncoding>
</OpenSearchDescription>
"""


def render(site: Site, example: str) -> bytes:
    """The XML document; *example* is a query that finds something."""
    values = {
        "name": markup.cut(site.title, 16),  # as many characters as may be
        "description": markup.cut(site.subtitle, 1024),
        "url": site.url + addresses.SEARCH,
        "example": example,
        "image": site.favicon,
        "language": site.language,
    }
    return _DOCUMENT.format(**{name: escape(value) for name, value in values.items()}).encode()
