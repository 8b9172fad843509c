from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.cases.domain.compliance import share

NUMBERS = st.integers(min_value=0, max_value=10**9)


def test_of_nothing_there_is_no_share():
    assert share(0, 0) is None


@given(NUMBERS, NUMBERS)
def test_it_is_all_only_where_nothing_was_breached_and_nothing_only_where_all_was(met, breached):
    found = share(met, breached)
    if met + breached:
        assert (found == 100) == (breached == 0)
        assert (found == 0) == (met == 0)
        assert abs(found - Decimal(100) * met / (met + breached)) <= Decimal("0.01")
