"""How to reach a structure that no directory lists: asked only once its name was kept as typed."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.reception.fields import PageFields

OUTSIDE_TEXTS = ("outside_telephone", "outside_email", "outside_address")


class OutsidePart(QWidget):
    """Three lines, all optional: they are on the slip, and on the page where one calls again."""

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        labels = (
            self.tr("Téléphone de cette structure"),
            self.tr("Courriel de cette structure"),
            self.tr("Adresse ou commune de cette structure"),
        )
        for name, label in zip(OUTSIDE_TEXTS, labels, strict=True):
            column.addWidget(fields.line(name, label, hint=self.tr("si vous le savez")))
        self.hide()
