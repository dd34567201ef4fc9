from app.labelling.subjects import DISCIPLINE_KEYS, SUBJECT_KEYS, is_vague


class TestSubjects:
    def test_are_in_normal_form(self):
        assert ("neural", "network") in SUBJECT_KEYS
        assert ("galaxy",) in SUBJECT_KEYS

    def test_know_a_discipline_from_another_subject(self):
        assert ("cosmology",) in DISCIPLINE_KEYS
        assert ("galaxy",) not in DISCIPLINE_KEYS


class TestIsVague:
    def test_holds_back_quantities_even_beside_generic_words(self):
        assert is_vague(("mass",))
        assert is_vague(("market", "model"))

    def test_lets_through_what_names_something(self):
        assert not is_vague(("mass", "spectrometry"))
        assert not is_vague(("language", "model"))
