"""French everywhere: numbers and dates, Qt's own words, and the plurals of ours."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from resources import resource_path

NARROW_SPACE = "\u202f"


def install_french(application: QCoreApplication) -> bool:
    """Make French the language of the program, whatever the machine speaks.

    `qtbase_fr.qm` lies in PySide6's translations folder; a frozen program must carry it at the
    place `QLibraryInfo` names. Our texts are French literals: only their plurals need a file.

    Returns:
        Whether both files were found; without them Qt's standard buttons speak English.
    """
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    found = _install(application, "qtbase_fr", qt_folder)
    return _install(application, "plurals_fr", str(resource_path("i18n"))) and found


def _install(application: QCoreApplication, name: str, folder: str) -> bool:
    translator = QTranslator(application)
    return translator.load(name, folder) and application.installTranslator(translator)
