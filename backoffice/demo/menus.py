"""What FibraSur did with its menus: a change that was tried for a while and taken back."""

from datetime import datetime, timedelta

from backoffice.accounts.models import User
from backoffice.dialogs import selectors, services
from backoffice.dialogs.models import Menu, MenuVersion

TRIED = "¿En qué te puedo ayudar hoy? Elegí una opción 👇"


def load_menu_versions(now: datetime) -> None:
    """Two versions more, of days ago; what customers get is what the product brings."""
    first = selectors.published()
    root = Menu.objects.filter(is_root=True).first()
    author = User.objects.filter(username="admin").first()
    if first is None or root is None:
        return
    root.text = TRIED
    services.save_menu(menu=root)
    tried = services.publish(
        seen=selectors.draft().stamp, author=author, note="Saludo más largo, a ver si eligen más", despite_warnings=True
    )
    back = services.roll_back(version=first, seen=selectors.draft().stamp, author=author)
    for version, days in ((first, 40), (tried, 12), (back, 9)):
        MenuVersion.objects.filter(pk=version.pk).update(published_at=now - timedelta(days=days))
