"""What the fuzzer found and only its own steps show: each is played again as it was found."""

from tests.exchange.fuzz.playing import replay


def test_a_removal_that_went_with_the_disk_and_the_relay_is_nobodys_removal():
    """Who removed a machine is put back to the day before, the relay too: its work is taken."""
    replay(
        "two",
        [
            ("write_stick", 1354070330),
            ("save_desk", 2711256249),
            ("erase_person", 3218700163),
            ("invite", 4223073214),
            ("exchange_in_another_order", 2526524622),
            ("admit", 2815593197),
            ("exchange", 1042031112),
            ("save_desk", 3915581326),
            ("exchange", 601436567),
            ("save_relay", 1563767192),
            ("answer_referral", 1113972053),
            ("receive", 534314010),
            ("receive", 1688524173),
            ("exchange_in_another_order", 4240158904),
            ("remove", 2505663338),
            ("save_desk", 3454952841),
            ("exchange_cut_in_bytes", 150774072),
            ("put_relay_back", 1052073558),
            ("rotate_keys", 3726421698),
            ("read_stick_torn", 3981714819),
            ("exchange", 3602987486),
            ("exchange", 2796449414),
            ("ask_checkpoint", 2516600389),
            ("put_desk_back", 966455872),
            ("read_stick", 3680763039),
            ("erase_person", 906610875),
        ],
    )


def test_what_follows_a_void_bundle_is_not_handed_on_and_its_author_writes_it_anew():
    """Left out for a quarter, it sealed under an epoch that a checkpoint ended meanwhile."""
    replay(
        "staffed",
        [
            ("remove", 1550775126),
            ("receive", 384601592),
            ("receive", 928367620),
            ("receive", 3220187011),
            ("quarter_without_one", 958032014),
            ("erase_person", 2447711841),
            ("exchange", 2348250894),
            ("write_stick", 1089382096),
            ("read_stick", 3126371606),
            ("write_stick_torn", 827693687),
            ("exchange_all", 3831507919),
            ("exchange", 3396684380),
            ("receive", 1764388517),
            ("pass_stick_around", 3098771967),
        ],
    )


def test_who_lost_what_it_had_said_that_it_holds_gets_it_at_the_next_round_of_a_stick():
    """What its colleagues left out for it, they bring once its own manifest says otherwise."""
    replay(
        "two",
        [
            ("invite", 1299496490),
            ("admit", 1316215817),
            ("receive", 2060957776),
            ("save_desk", 1850237077),
            ("pass_stick_around", 3052970888),
            ("put_desk_back", 2666960894),
            ("pass_stick_around", 2825944440),
        ],
    )


def test_a_piece_without_the_manifest_that_opened_it_gives_nothing_back():
    """Both desks lost the last checkpoint; the relay, put back, has its piece for an ended one."""
    replay(
        "staffed",
        [
            ("invite", 3817437189),
            ("receive", 3328909627),
            ("save_desk", 2187949584),
            ("go_on_with_demand", 4247831755),
            ("save_desk", 4233093069),
            ("go_on_with_demand", 4011256948),
            ("ask_checkpoint", 368413972),
            ("exchange_all", 2324444643),
            ("save_relay", 687000721),
            ("quarter_without_one", 2589621549),
            ("put_desk_back", 1980997039),
            ("exchange_in_another_order", 4012187052),
            ("exchange_killed", 4055039970),
            ("put_desk_back", 3994851147),
            ("put_relay_back", 3874949857),
        ],
    )


def test_a_bundle_waits_when_its_key_went_with_the_disk_and_the_file_of_a_damaged_stick():
    """Its author wrote the same again under another key: nothing is lost."""
    replay(
        "cloned",
        [
            ("receive", 2551964532),
            ("go_on_with_demand", 1199387458),
            ("save_desk", 897205487),
            ("write_stick", 184374520),
            ("put_desk_back", 2607781365),
            ("exchange", 4058786105),
            ("spoil_stick", 4099208309),
            ("read_stick", 3903356477),
        ],
    )
