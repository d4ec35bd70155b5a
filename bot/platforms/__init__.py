"""The registry of Platforms: one line each, imported on first use.

A new Platform costs one folder here, one line in REGISTRY and one block of settings. Nothing above
this room names a Platform.
"""

from importlib import import_module

from bot.clock import Clock
from bot.platforms.contract import PictureBytes, Platform
from bot.settings import Settings

REGISTRY: dict[str, str] = {
    "x": "bot.platforms.x.platform:XPlatform",
    "facebook": "bot.platforms.facebook.platform:FacebookPlatform",
}


def open_platform(
    name: str, settings: Settings, clock: Clock, picture_bytes: PictureBytes | None = None
) -> Platform:
    """The Platform of that name, whether or not its credentials are set; opens no connection.

    `picture_bytes` gives a stored picture; without it, a Part with pictures is refused.
    """
    module, _, attribute = REGISTRY[name].partition(":")
    factory = getattr(import_module(module), attribute)
    platform: Platform = factory.from_settings(settings, clock, picture_bytes)
    return platform
