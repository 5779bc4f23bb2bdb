"""Bytes of article files: which become text, and what is said of the others."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.article.decoding import decode, read_bytes
from schema.errors import UnusableInput

HERE = Path("article.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_and_without_a_mark(encoding):
    assert decode("Élections à Bouaké\n".encode(encoding), HERE) == "Élections à Bouaké\n"


def test_line_ends_of_every_system_become_newlines():
    assert decode(b"one\r\ntwo\rthree\n", HERE) == "one\ntwo\nthree\n"


def test_a_latin_1_file_is_refused_with_its_line_and_the_option_that_reads_it():
    content = "First line\nManifestation à Lyon, un blessé\n".encode("latin-1")

    with pytest.raises(UnusableInput, match=r"not valid UTF-8 at line 2: .*--encoding cp1252"):
        decode(content, HERE)
    assert decode(content, HERE, "latin-1").endswith("un blessé\n")


def test_a_file_with_nul_bytes_is_called_no_text_file():
    with pytest.raises(UnusableInput, match="not a text file"):
        decode(b"\x00\x01\x02binary", HERE)


def test_an_unknown_encoding_is_named():
    with pytest.raises(UnusableInput, match="'klingon' is not an encoding"):
        decode(b"words", HERE, "klingon")


@given(st.text().filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_any_utf_8_text_comes_back_but_for_its_line_ends(text):
    assert decode(text.encode(), HERE) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_one_sentence(content):
    try:
        decode(content, HERE)
    except UnusableInput as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)


def test_missing_empty_folder_and_unreadable_files_are_each_one_sentence(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b" \n")
    with pytest.raises(UnusableInput, match="is empty"):
        read_bytes(empty)
    with pytest.raises(UnusableInput, match="does not exist"):
        read_bytes(tmp_path / "none.txt")
    with pytest.raises(UnusableInput, match="is a folder"):
        read_bytes(tmp_path)
    with pytest.raises(UnusableInput, match="more than one article"):
        read_bytes(_file_of(tmp_path, b"x" * 100), most=50)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads files without permission")
def test_a_file_without_permission_is_one_sentence(tmp_path):
    closed = _file_of(tmp_path, b"words")
    closed.chmod(0)
    with pytest.raises(UnusableInput, match="cannot be read"):
        read_bytes(closed)


def _file_of(folder: Path, content: bytes) -> Path:
    path = folder / "some.txt"
    path.write_bytes(content)
    return path
