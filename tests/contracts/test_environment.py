import os


def test_a_test_run_never_sees_the_state_of_a_real_desk() -> None:
    assert "heed-test-" in os.environ["HEED_HOME"]
