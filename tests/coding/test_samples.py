"""The sample articles that a new project can start with."""

import datetime
import json
from importlib.resources import files

ARTICLES = [
    json.loads(line)
    for line in (files("coding") / "samples" / "articles.jsonl").read_text("utf-8").splitlines()
]


def test_there_are_five_articles_of_readable_length():
    assert [150 <= len(article["text"].split()) <= 400 for article in ARTICLES] == [True] * 5


def test_every_article_says_where_and_when_it_appeared():
    for article in ARTICLES:
        assert article["title"]
        assert article["source"]
        assert article["url"].startswith("https://example.org/")
        assert article["language"] == "en"
        datetime.date.fromisoformat(article["published"])


def test_the_first_tells_the_fall_of_hama_on_the_day_after():
    assert ARTICLES[0]["published"] == "2024-12-06"
    assert "Hama on Thursday" in ARTICLES[0]["text"]


def test_no_two_articles_are_the_same():
    assert len({article["text"] for article in ARTICLES}) == 5
