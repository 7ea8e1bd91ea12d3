"""What takes the text out of files, as the settings say."""

from __future__ import annotations

from promptguard.configuration.files_settings import Unrecognised
from promptguard.configuration.settings import Settings
from promptguard.files.limits import FileLimits
from promptguard.files.reader import FileReader


def make_file_reader(settings: Settings) -> FileReader:
    """What takes the text out of files; its workers are started by the first file. The caller stops it."""
    files = settings.files
    return FileReader(
        FileLimits(files.deadline_s, files.memory_mb * 2**20, int(files.text_limit_mb * 2**20)),
        workers=files.workers,
        tesseract=files.tesseract,
        languages=files.languages,
        images_need_recognition=files.images is Unrecognised.NOT_INSPECTED,
    )
