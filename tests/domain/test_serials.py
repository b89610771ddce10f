"""What serials tell, and that none is ever refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.assessment import SerialFault, SerialForm
from homepoint.domain.serials import ALPHABET, read_serial, same_serial
from tests.domain.owner import TERMS


@pytest.mark.parametrize(
    ("serial", "form", "faults"),
    [
        ("1581F6Z9C24AU0034SRD", SerialForm.CTA_2063_A, ()),
        (" 1581f6z9c24au0034srd\n", SerialForm.CTA_2063_A, ()),
        ("1581F6Z9C24AU0034SR", SerialForm.CTA_2063_A, (SerialFault.LENGTH,)),
        ("1581F6Z9C24AU003", SerialForm.CTA_2063_A, (SerialFault.LENGTH,)),
        ("1581G6Z9C24AU0034SRD", SerialForm.CTA_2063_A, (SerialFault.LENGTH_CODE,)),
        ("1581F6Z9C24AUO034SRD", SerialForm.CTA_2063_A, (SerialFault.EXCLUDED_LETTER,)),
        ("1581F6Z9C24AU-034SRD", SerialForm.CTA_2063_A, (SerialFault.CHARACTER,)),
        ("37QBHC1BD101DD", SerialForm.DJI_14, ()),
        ("37QBHC1BD1O1DD", SerialForm.DJI_14, (SerialFault.EXCLUDED_LETTER,)),
        ("ABCD3XYZ", SerialForm.CTA_2063_A, ()),
        ("37QBHC1BD101D", SerialForm.UNKNOWN, (SerialFault.LENGTH,)),
        ("", SerialForm.UNKNOWN, ()),
    ],
)
def test_forms_and_faults(serial: str, form: SerialForm, faults: tuple[SerialFault, ...]) -> None:
    found = read_serial(serial, TERMS)
    assert (found.form, found.faults) == (form, faults)


@pytest.mark.parametrize(
    ("serial", "model", "made"),
    [
        ("1581F6Z9C24AU0034SRD", "DJI Mini 4 Pro", date(2024, 10, 28)),
        ("1581F45T8241200EA1TA", "DJI Mavic 3", date(2024, 1, 2)),
        ("37QBHC1BD101DD", "DJI FPV", None),
        ("3YTBKCA004020V", "DJI Air 2S", date(2022, 12, 10)),
    ],
)
def test_the_prefix_hints_at_the_model_and_the_middle_at_the_day(serial: str, model: str, made: date | None) -> None:
    found = read_serial(serial, TERMS)
    assert model in found.model_hint
    if made is not None:
        assert found.factory_day == made


@given(st.text(max_size=30))
def test_any_text_is_read(text: str) -> None:
    found = read_serial(text, TERMS)
    assert found.text == text.strip().upper()


@given(st.text(alphabet=ALPHABET, min_size=15, max_size=15))
def test_every_well_formed_dji_serial_is_without_fault(payload: str) -> None:
    assert read_serial("1581F" + payload, TERMS).faults == ()


def test_unknown_serials_are_not_the_same_unit() -> None:
    assert not same_serial(None, None)
    assert same_serial(" abc", "ABC ")
