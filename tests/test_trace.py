"""From a fault in a document back to its source."""

from pathlib import Path

from feeds import load
from feeds.rules.values import empty_element
from feeds.trace import Tracer

from .conftest import Write

ID = "tag:e.example,2000:posts/2020-09-17-x"


def test_a_source_that_changed_since_it_was_read_is_named_without_a_line(write: Write) -> None:
    for name in ("content/2020-09-17-x.md", "content/2020-09-17-x.yaml"):
        config = write({name: "---\ntitle: T\n---\nText\n" if name[-1] == "d" else "title: T\n"})
        tracer = Tracer(load.site(config), config)
        Path(name).write_text("---\n[")
        fault = empty_element.at(7, 5, field="title", entry=ID, element="title")
        assert str(tracer.finding("rss.xml", fault)) == f"{name}: title: <title> is empty."
        Path(name).unlink()


def test_what_comes_from_no_source_is_said_of_the_document(write: Write) -> None:
    config = write({})
    tracer = Tracer(load.site(config), config)
    fault = empty_element.at(7, 5, field="generator", element="generator")
    assert str(tracer.finding("rss.xml", fault)) == "rss.xml:7:5: generator: <generator> is empty."
