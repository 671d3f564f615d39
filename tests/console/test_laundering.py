"""The compartment on the console's pages: for officers with the right alone."""

from scoring_api.console.pages import Asked, enterprise_page, zone_page
from tests.presentation.pieces import CLEARED, OFFICER, laundering_alert, laundering_record
from tests.presentation.reading import tree_of
from tests.presentation.small_zone import assessment, enterprise_night, zone_night


def test_laundering_is_seen_with_the_right_only() -> None:
    recorded = enterprise_night(assessment(), laundering=laundering_record(1))
    hidden = enterprise_page(recorded, OFFICER, "zh")
    assert hidden == enterprise_page(enterprise_night(assessment()), OFFICER, "zh")
    assert zone_page(zone_night(), Asked(), OFFICER, "zh", [laundering_alert(1)]) == zone_page(
        zone_night(), Asked(), OFFICER, "zh"
    )
    seen = enterprise_page(recorded, CLEARED, "zh")
    assert "地下钱庄资金通道" in seen
    assert "地下钱庄资金通道" in zone_page(
        zone_night(), Asked(), CLEARED, "zh", [laundering_alert(1)]
    )


def test_a_long_list_is_cut_and_says_how_long_it_is() -> None:
    alerts = [laundering_alert(number % 12 + 1) for number in range(150)]
    tree = tree_of(zone_page(zone_night(), Asked(), CLEARED, "en", alerts))
    section = tree.xpath("//section[h2[@id='laundering']]")[0]
    assert len(section.xpath(".//tbody/tr")) == 100
    assert "Shown 100 of 150" in section.text_content()
