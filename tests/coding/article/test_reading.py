"""Article files of every kind that people have, read through the one door."""

import json
from datetime import date

import pytest

from coding.article.found import ArticleDetails, FoundArticle, LeftOut, completed, missing, new_article
from coding.article.reading import read_articles
from schema.errors import UnusableInput

PARAGRAPH = (
    "Police in Kisumu dispersed a march of market traders on Tuesday, and two people were hurt in the crush. "
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Traders march in Kisumu</title>
<meta property="og:site_name" content="Lakeside Standard">
<meta property="article:published_time" content="2024-09-18T07:30:00Z">
<script>document.title = "hijacked"</script></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Traders march in Kisumu</h1><p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 2}</p></article>
<footer>All rights reserved</footer></body></html>"""


def test_plain_text_is_one_article_titled_by_its_first_line(tmp_path):
    path = tmp_path / "hama.txt"
    path.write_text("Army leaves Hama\n\nThe army left the city on Thursday.\n", encoding="utf-8")

    (article,) = read_articles(path)

    assert isinstance(article, FoundArticle)
    assert article.title == "Army leaves Hama"
    assert article.text == "Army leaves Hama\n\nThe army left the city on Thursday."
    assert missing(article) == ["published", "source"]


def test_a_web_page_gives_its_article_and_what_it_says_of_itself(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")

    (article,) = read_articles(path)

    assert isinstance(article, FoundArticle)
    assert (article.title, article.source, article.published) == (
        "Traders march in Kisumu",
        "Lakeside Standard",
        date(2024, 9, 18),
    )
    assert "market traders" in article.text
    assert "All rights reserved" not in article.text
    assert "Sport" not in article.text


def test_a_web_page_named_txt_is_known_by_its_beginning(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")

    (article,) = read_articles(path)

    assert "<p>" not in article.text


def test_a_page_without_an_article_is_refused(tmp_path):
    path = tmp_path / "menu.html"
    path.write_text("<html><body><nav><a href='/'>Home</a></nav></body></html>", encoding="utf-8")

    with pytest.raises(UnusableInput, match="no article text"):
        list(read_articles(path))


def test_json_lines_name_their_details_in_many_ways(tmp_path):
    path = tmp_path / "articles.jsonl"
    records = [
        {"headline": "One", "body": "First text.", "outlet": "A", "date": "2024-01-02"},
        {
            "title": "Two",
            "text": "Second text.",
            "source": "B",
            "published": "2024-01-03T10:00:00Z",
            "lang": "fr",
        },
    ]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")

    one, two = read_articles(path)

    assert (one.title, one.text, one.source, one.published) == ("One", "First text.", "A", date(2024, 1, 2))
    assert (two.published, two.language) == (date(2024, 1, 3), "fr")


@pytest.mark.parametrize(
    "record",
    [
        {
            "title": "One",
            "content": "A text.",
            "publishedAt": "2024-01-02T10:00:00Z",
            "source": {"name": "A"},
        },
        {"Title": "One", "maintext": "A text.", "date_publish": "2024-01-02 10:00:00", "source_domain": "A"},
        {"headline": "One", "Full text": "A text.", "published_at": 1704189600, "publisher": "A"},
        {"headline": "One", "text": ["A text."], "publish_date": 20240102, "media_name": "A"},
        {
            "heading": "One",
            "text": "A text.",
            "Publication date": 1704189600000,
            "source": None,
            "outlet": "A",
        },
    ],
)
def test_what_news_services_and_crawlers_write_is_understood(tmp_path, record):
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")

    (article,) = read_articles(path)

    assert (article.title, article.text, article.source) == ("One", "A text.", "A")
    assert article.published == date(2024, 1, 2)


ONE = {"title": "One", "text": "A text.", "published": "2024-01-02", "source": "A"}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps([ONE], indent=2),
        json.dumps({"status": "ok", "articles": [ONE]}),
        json.dumps(ONE, indent=2),
        json.dumps(ONE) + "\n",
    ],
)
def test_json_files_hold_a_list_of_articles_or_one(tmp_path, written):
    path = tmp_path / "articles.json"
    path.write_text(written, encoding="utf-8")

    (article,) = read_articles(path)

    assert (article.title, article.published, article.source) == ("One", date(2024, 1, 2), "A")


def test_json_lines_under_the_name_of_json_are_read_as_lines(tmp_path):
    path = tmp_path / "articles.json"
    path.write_text(json.dumps(ONE) + "\n" + json.dumps({**ONE, "text": ""}), encoding="utf-8")

    article, left_out = read_articles(path)

    assert article.title == "One"
    assert left_out == LeftOut(f"{path} line 2", "it has no text")


@pytest.mark.parametrize(
    ("written", "why"),
    [("{not json", "is not JSON"), ('{"a": 1}', "no list of articles"), ("3", "no list of articles")],
)
def test_json_without_articles_is_one_sentence(tmp_path, written, why):
    path = tmp_path / "articles.json"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(UnusableInput, match=why):
        list(read_articles(path))


def test_lines_that_are_no_articles_are_left_out_by_number_and_the_rest_is_read(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text(
        '{"text": "Good.", "source": "A", "published": "2024-01-02"}\n'
        "not json\n"
        "[1, 2]\n"
        '{"title": "no text"}\n'
        '{"text": "Bad day.", "published": "03/04/2024"}\n'
        '{"text": "Good too.", "source": "A", "published": "2024-01-02"}',
        encoding="utf-8",
    )

    read = list(read_articles(path))

    left_out = [record for record in read if isinstance(record, LeftOut)]
    assert [record.where.rsplit(" ", 1)[1] for record in left_out] == ["2", "3", "4", "5"]
    assert len(read) - len(left_out) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_tables_are_read_whatever_their_delimiter(tmp_path, delimiter):
    path = tmp_path / "articles.csv"
    rows = [
        ["Title", "TEXT", "source", "published"],
        ["One", '"Quoted ""words"",\nsecond line"', "A", "2024-01-02"],
    ]
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")

    (article,) = read_articles(path)

    assert article.text == 'Quoted "words",\nsecond line'
    assert article.published == date(2024, 1, 2)


def test_a_csv_table_without_a_text_column_is_refused_with_its_columns(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(UnusableInput, match=r"no column for the articles' text .*a, b"):
        list(read_articles(path))


@pytest.mark.parametrize(
    ("start", "kind"), [(b"%PDF-1.7", "PDF"), (b"PK\x03\x04rest", "office"), (b"\x89PNG\r\n", "picture")]
)
def test_documents_that_are_no_text_are_called_by_their_kind(tmp_path, start, kind):
    path = tmp_path / "document.txt"
    path.write_bytes(start)

    with pytest.raises(UnusableInput, match=kind):
        list(read_articles(path))


def test_what_the_person_says_fills_gaps_only():
    found = FoundArticle(where="x.txt", text="Words.", source="Its own")

    whole = completed(found, ArticleDetails(source="Given", published=date(2024, 1, 2)))

    assert (whole.source, whole.published) == ("Its own", date(2024, 1, 2))


def test_an_article_with_gaps_or_from_the_future_is_refused_in_one_sentence():
    with pytest.raises(UnusableInput, match=r"publication date \(--published YYYY-MM-DD\)"):
        new_article(FoundArticle(where="x.txt", text="Words.", source="A"), today=date(2024, 1, 2))
    with pytest.raises(UnusableInput, match="future"):
        new_article(
            FoundArticle(where="x.txt", text="W", source="A", published=date(2025, 1, 1)),
            today=date(2024, 1, 2),
        )


@pytest.mark.parametrize("name", ["digits.json", "digits.jsonl"])
def test_a_number_of_thousands_of_digits_is_no_reason_to_stop(tmp_path, name):
    path = tmp_path / name
    record = {"title": "Long", "source": "Lakeside Standard", "date": "2024-09-18", "text": PARAGRAPH}
    path.write_text(f'{json.dumps(record)[:-1]}, "number": {"9" * 5000}}}\n', encoding="utf-8")

    (article,) = read_articles(path)

    assert isinstance(article, FoundArticle)
