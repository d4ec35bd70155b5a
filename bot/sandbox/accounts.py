"""The two simulated accounts: their ids, their profiles and the credentials they accept.

All of it grows from the seed, so a sandbox started again with the same seed is the same X profile
and the same Facebook Page. None of these credentials opens anything outside the sandbox.
"""

import random
import string
from dataclasses import dataclass

LETTERS = string.ascii_letters + string.digits

PAGE_TASKS = ("MODERATE", "MESSAGING", "ANALYZE", "ADVERTISE", "CREATE_CONTENT", "MANAGE")
PAGE_SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_read_user_content",
    "read_insights",
)


@dataclass
class Accounts:
    """One X profile and one Facebook Page; a test may change the profile fields."""

    x_key: str
    x_secret: str
    x_token: str
    x_token_secret: str
    x_user_id: str
    page_id: str
    page_token: str
    user_token: str
    app_id: str
    app_secret: str
    person_id: str
    # What a sign-in gives at first, and the Page token that is made from it: both end soon.
    brief_user_token: str
    brief_page_token: str
    other_page_id: str
    x_username: str = "campaignsandbox"
    x_name: str = "Campaign Sandbox"
    x_description: str = "A simulated profile. Automated account run by the campaign team."
    x_pinned_id: str | None = None
    x_verified_type: str = "none"
    x_subscription_type: str = "None"
    page_name: str = "Campaign Sandbox"
    page_username: str = "campaignsandbox"
    page_about: str = "A simulated Page run by the campaign team."
    page_followers: int = 1_204
    page_scopes: tuple[str, ...] = PAGE_SCOPES
    page_tasks: tuple[str, ...] = PAGE_TASKS
    # Whether the person has a second Page, on which they may not post.
    has_other_page: bool = False

    @property
    def holders(self) -> dict[str, str]:
        """Whose each Facebook token is."""
        return {
            self.page_token: "page",
            self.brief_page_token: "page",
            self.user_token: "user",
            self.brief_user_token: "user",
            self.app_token: "app",
        }

    @property
    def app_token(self) -> str:
        """The Facebook app's own token, which is its id and secret joined."""
        return f"{self.app_id}|{self.app_secret}"

    def settings(self, x_url: str, graph_url: str) -> dict[str, str]:
        """The environment settings that point a bot at this sandbox."""
        return {
            "X_API_URL": x_url,
            "X_API_KEY": self.x_key,
            "X_API_SECRET": self.x_secret,
            "X_ACCESS_TOKEN": self.x_token,
            "X_ACCESS_TOKEN_SECRET": self.x_token_secret,
            "FACEBOOK_GRAPH_URL": graph_url,
            "FACEBOOK_PAGE_ID": self.page_id,
            "FACEBOOK_PAGE_TOKEN": self.page_token,
            "FACEBOOK_APP_ID": self.app_id,
            "FACEBOOK_APP_SECRET": self.app_secret,
        }


def make_accounts(seed: int) -> Accounts:
    """Grow both accounts from a seed."""
    chance = random.Random(f"accounts {seed}")

    def letters(count: int) -> str:
        return "".join(chance.choices(LETTERS, k=count))

    def digits(count: int) -> str:
        return chance.choice("123456789") + "".join(chance.choices(string.digits, k=count - 1))

    user_id = digits(18)
    return Accounts(
        x_key=letters(25),
        x_secret=letters(50),
        x_token=f"{user_id}-{letters(30)}",
        x_token_secret=letters(45),
        x_user_id=user_id,
        page_id=digits(15),
        page_token="EAAB" + letters(120),
        user_token="EAAU" + letters(120),
        app_id=digits(15),
        app_secret=letters(32).lower(),
        person_id=digits(16),
        brief_user_token="EAAV" + letters(120),
        brief_page_token="EAAC" + letters(120),
        other_page_id=digits(15),
    )
