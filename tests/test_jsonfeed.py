import json
from typing import Any

from feeds.publish import Documents


def feed(documents: Documents, path: str = "/feed.json") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(documents[path].body)
    return parsed


def item(documents: Documents, slug: str, path: str = "/feed.json") -> dict[str, Any]:
    (found,) = [item for item in feed(documents, path)["items"] if slug in item["id"]]
    return dict(found)


def test_the_top_level_is_what_the_specification_asks_for(documents: Documents) -> None:
    top = feed(documents)
    assert top.pop("items")
    assert top == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Prøver & <tests>",
        "home_page_url": "https://xn--prve-hra.example/blog/",
        "feed_url": "https://xn--prve-hra.example/blog/feed.json",
        "next_url": "https://xn--prve-hra.example/blog/archive/1/feed.json",
        "description": "Hvad der sker på kanten",
        "icon": "https://xn--prve-hra.example/icon.png",
        "favicon": "https://xn--prve-hra.example/icon.png",
        "authors": [{"name": "Åse Ørn", "url": "https://proeve.example/aase"}, {"name": "Bo Bæk"}],
        "author": {"name": "Åse Ørn", "url": "https://proeve.example/aase"},
        "language": "da-DK",
    }


def test_an_item_with_everything(documents: Documents) -> None:
    assert item(documents, "podcast") == {
        "id": "tag:proeve.example,2020-06:posts/2021-03-01-podcast",
        "url": "https://xn--prve-hra.example/blog/posts/podcast/",
        "title": "Lyd og billede",
        "content_html": '<img src="https://xn--prve-hra.example/blog/posts/podcast/x.png" alt="">',
        "image": "https://xn--prve-hra.example/b.jpg",
        "date_published": "2021-03-01T07:00:00Z",
        "authors": [{"name": "Åse Ørn", "url": "https://proeve.example/aase"}, {"name": "Bo Bæk"}],
        "author": {"name": "Åse Ørn", "url": "https://proeve.example/aase"},
        "tags": ["тест", "日本語"],
        "attachments": [
            {
                "url": "https://xn--prve-hra.example/lyd/f%C3%B8rste%20afsnit.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 123456,
            }
        ],
    }


def test_an_item_without_content_has_text(documents: Documents) -> None:
    assert item(documents, "update-ahead")["content_text"] == "Rettes senere 𝄞 👩‍🚀"
    surprises = item(documents, "surprises", "/tags/no/feed.json")
    assert surprises["content_text"] == surprises["summary"] == "0x1F"


def test_an_edit_and_another_language_show(documents: Documents) -> None:
    jekyll = item(documents, "jekyll")
    assert jekyll["date_modified"] == "2021-01-02T08:00:00Z"
    assert jekyll["language"] == "en"


def test_an_item_is_a_line_and_letters_are_letters(documents: Documents) -> None:
    lines = documents["/feed.json"].body.decode().split("\n")
    assert len(lines) == 1 + 5 + 2
    assert "Åse Ørn" in lines[0]
