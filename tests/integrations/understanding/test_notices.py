"""What ISP systems send, as two MikroWisp set-ups and worse do: read or refused in Spanish, and nothing else."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.understanding import notices
from integrations.understanding.notices import Notice, Unreadable, clean_text, outgoing_text

TEXT = "Estimado cliente, su servicio vence mañana. *Total* $ 18.500,00"


def of_query(raw: str) -> Notice:
    return notices.read(notices.fields_of_query(raw))


def of_body(body: bytes, content_type: str = "") -> Notice:
    return notices.read(notices.fields_of_body(body, content_type))


def test_the_argentine_set_up_leaves_a_brace_around_each_value():
    assert of_query(f"destinatario={{2612345678}}&mensaje={quote('{' + TEXT + '}')}") == Notice("2612345678", TEXT)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (urlencode({"to": "2612345678", "message": TEXT}).encode(), "application/x-www-form-urlencoded"),
        (json.dumps({"to": "2612345678", "message": TEXT}).encode(), "application/json"),
        (json.dumps({"to": 2612345678, "message": TEXT}).encode(), "application/x-www-form-urlencoded"),
        (b"\xef\xbb\xbf" + json.dumps({"to": 2612345678.0, "message": TEXT}).encode(), "text/plain"),
        (f"to=2612345678&message={quote(TEXT, encoding='cp1252')}".encode(), ""),
    ],
)
def test_a_body_is_a_form_or_json_whatever_it_says_it_is(body, content_type):
    assert of_body(body, content_type) == Notice("2612345678", TEXT)


@pytest.mark.parametrize("number", notices.NUMBER)
@pytest.mark.parametrize("text", notices.TEXT)
def test_every_name_of_the_number_and_of_the_text_is_known(number, text):
    assert of_query(f"{number.upper()}=261&{text}=Hola") == Notice("261", "Hola")


def test_a_file_goes_as_its_link_and_a_reference_is_kept():
    read = of_query("to=261&pdf=https://isp.ar/f/7.pdf&external_id=F-7")
    assert (read.text, read.media_url, read.ref) == ("", "https://isp.ar/f/7.pdf", "F-7")
    assert outgoing_text("Tu factura", read.media_url) == "Tu factura\nhttps://isp.ar/f/7.pdf"
    assert outgoing_text("Bajala de https://isp.ar/f/7.pdf", read.media_url) == "Bajala de https://isp.ar/f/7.pdf"
    assert of_query("to=261&text=Hola&file=javascript:alert(1)").media_url == ""


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("{Hola}", "Hola"),
        ("{{Hola}}", "Hola"),
        ("{{{Hola}}}", "{Hola}"),
        ("Hola {nombre}", "Hola {nombre}"),
        ("{Hola} y {chau}", "{Hola} y {chau}"),
        ("{Hola {nombre}}", "Hola {nombre}"),
        ("{Hola", "{Hola"),
        ("a<br>b<BR/>c\r\nd\re", "a\nb\nc\nd\ne"),
        ("<p>Hola</p><p><b>María</b></p>", "Hola\nMaría"),
        ("Factura &quot;A&quot; &amp; recibo", 'Factura "A" & recibo'),
        ("5 < 10 y 10 > 5", "5 < 10 y 10 > 5"),
        ("<juan@isp.ar>", "<juan@isp.ar>"),
        ("*Importante*: _hoy_", "*Importante*: _hoy_"),
        ('<a href="https://pagar.ar/1">Pagar</a>', "Pagar: https://pagar.ar/1"),
        ("<a href='https://pagar.ar/1'>https://pagar.ar/1</a>", "https://pagar.ar/1"),
        ("Ho\x00la\n\n\n\nchau", "Hola\n\nchau"),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_the_text_is_what_a_person_would_read(sent, shown):
    assert clean_text(sent) == shown


def test_a_marker_says_the_kind_and_does_not_leave():
    assert of_query("to=261&text=" + quote("[#Factura] Ya está")) == Notice("261", "Ya está", "factura")
    assert of_query("to=261&text=" + quote("Ya está [# corte ]")) == Notice("261", "Ya está", "corte")
    with pytest.raises(Unreadable, match="Falta el texto"):
        of_query("to=261&text=" + quote("[#factura]"))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[1, 2]", "no una lista"),
        (b'{"to": "261"', "no es un JSON"),
        (b'"hola"', "Falta el n"),
        (b"", "Falta el n"),
        (b"message=Hola", "Falta el n"),
        (b"to=261", "Falta el texto"),
        (b'{"to": ["261"], "text": "Hola"}', "tiene que ser un texto"),
        (b'{"to": null, "text": "Hola"}', "Falta el n"),
        (b"to=261&text=" + b"x" * 4097, "4097 caracteres"),
        (b"&".join(b"a%d=1" % number for number in range(70)), "demasiados"),
        (b"[" * 100_000, "no es un JSON"),
        (b'{"to": ' + b"9" * 5000 + b"}", "no es un JSON"),
    ],
)
def test_what_is_no_notice_is_refused_with_the_reason(body, why):
    with pytest.raises(Unreadable, match=why):
        of_body(body, "application/json" if body[:1] in (b"[", b"{") else "")


def test_an_empty_body_hides_nothing_of_the_query_and_the_body_wins():
    fields = notices.merged({"to": "261", "text": "de la query"}, {"to": "", "text": "del cuerpo"})
    assert notices.read(fields) == Notice("261", "del cuerpo")


@pytest.mark.parametrize("name", notices.SECRET)
def test_the_key_is_found_and_never_kept(name):
    fields = notices.fields_of_query(f"{name}=s3creto&to=261&text=Hola")
    assert notices.secret_of(fields) == "s3creto"
    assert "s3creto" not in json.dumps(notices.redacted(fields))
    assert notices.redacted(fields)["to"] == "261"


@given(st.binary(max_size=400), st.sampled_from(["", "application/json", "application/x-www-form-urlencoded"]))
@example(b'{"to": "\\ud800", "text": "\\u0000\\udfff"}', "application/json")
@example(b'{"to": {"a": 1e400}, "text": NaN}', "application/json")
def test_whatever_is_sent_is_read_or_refused(body, content_type):
    fields = {}
    try:
        fields = notices.fields_of_body(body, content_type)
        read = notices.read(fields)
    except Unreadable:
        pass  # in Spanish, as the stories above show
    else:
        f"{read.to}{read.text}{read.ref}".encode()
        assert "\x00" not in read.to + read.text
    json.dumps(notices.redacted(fields), ensure_ascii=False).encode()
    notices.secret_of(fields)


scalars = st.text() | st.integers() | st.floats() | st.booleans() | st.none()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
names = st.sampled_from([*notices.NUMBER, *notices.TEXT, *notices.MEDIA, *notices.REF, *notices.SECRET]) | st.text()


@given(st.dictionaries(names, values, max_size=6))
def test_whatever_json_holds_is_read_or_refused(fields):
    try:
        read = notices.read(fields)
    except Unreadable:
        return
    assert read.to
    assert read.text or read.media_url
    json.dumps(notices.redacted(fields), ensure_ascii=False).encode()
