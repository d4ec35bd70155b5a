"""Any order of deeds, faults and crashes that Hypothesis can think of keeps every promise.

The simulator draws its own order from a seed; here Hypothesis chooses each step and shrinks what
fails to the shortest story.
"""

from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulation import reckoning
from simulation.run import Scene, installed
from simulation.weather import MINUTE, Weather, fair

DEEDS = ("queue", "edit", "approve", "hold", "release", "cancel", "retry", "answer", "check")


class Life(RuleBasedStateMachine):
    """One bot, two accounts, and a person who does anything at any time."""

    @initialize(seed=st.integers(0, 2**32), approval=st.booleans(), refuses=st.booleans())
    def begin(self, seed: int, approval: bool, refuses: bool) -> None:
        weather: Weather = fair(approval=approval, x_refuses=refuses)
        self.scene = Scene(Random(seed), weather)
        self.install = installed(self.scene)
        self.install.__enter__()
        self.scene.open()
        self.scene.begin()
        self.scene.begin_beating()
        self.kept: bytes | None = None

    def teardown(self) -> None:
        if hasattr(self, "install"):
            try:
                self.scene.calm_down()
                reckoning.all_is_shown(self.scene)
                reckoning.people_settle_it(self.scene)
                reckoning.result(self.scene, 0, 0.0)
                self.nothing_is_broken()
            finally:
                self.install.__exit__(None, None, None)

    @rule(deed=st.sampled_from(DEEDS))
    def decides(self, deed: str) -> None:
        self.scene.people.do(deed, getattr(self.scene.people, f"_{deed}"))

    @rule(stop=st.booleans())
    def pauses_or_resumes(self, stop: bool) -> None:
        people = self.scene.people
        self.scene.people.do("pause", people._pause if stop else people._resume)

    @rule(seconds=st.sampled_from((0.02, 1.0, 20.0, 5 * MINUTE, 40 * MINUTE)))
    def time_passes(self, seconds: float) -> None:
        self.scene.baton.run(self.scene.baton.now + seconds)

    @rule(end=st.sampled_from(range(8)), chance=st.sampled_from((0.0, 0.5, 1.0)))
    def the_line_is(self, end: int, chance: float) -> None:
        ends = tuple(float(n == end) for n in range(8))
        self.scene.change(bad_end=chance, ends=ends)

    @rule(disk=st.sampled_from((0.0, 0.3)), looks=st.sampled_from((0.0, 0.8)))
    def faults_are(self, disk: float, looks: float) -> None:
        self.scene.change(disk=disk, bad_look=looks)

    @rule()
    def the_process_is_killed(self) -> None:
        self.scene.kill_all()

    @rule()
    def the_clock_is_set(self) -> None:
        self.scene.change(x_refuses=True)
        self.scene.jump()

    @rule()
    def a_snapshot_is_kept(self) -> None:
        self.kept = self.scene.snapshot()

    @rule()
    def the_snapshot_is_restored(self) -> None:
        if self.kept is not None:
            self.scene.restore(self.kept)
            self.kept = None

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "scene"):
            assert not self.scene.watch.violations, "\n".join(self.scene.watch.violations)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
