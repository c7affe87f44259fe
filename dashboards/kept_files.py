"""Files made at the press of a button, kept until the browser that asked has fetched them.

What belongs here: the server's store of such files. Streamlit makes a file in one request and hands it out in the next, but counts it as
nobody's in between: the second page that anybody at all is shown takes it away. Where many people read, the file is gone before it is
asked for.
"""

import time
from collections.abc import Callable

from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MediaFileKind, MemoryFile, MemoryMediaFileStorage

KEEP = 120.0  # seconds; a browser asks at once, and a slow line only makes the answer long


class KeptFiles(MemoryMediaFileStorage):
    """Streamlit's own store, but that what it deletes stays for a while. It is asked under a lock (its manager's), but for reading."""

    def __init__(self, media_endpoint: str, clock: Callable[[], float] = time.monotonic):
        super().__init__(media_endpoint)
        self._clock = clock
        self._leaves: dict[str, float] = {}  # file -> when it goes, the earliest first

    def load_and_get_id(self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None) -> str:
        self._sweep()
        file_id = super().load_and_get_id(path_or_data, mimetype, kind, filename)
        self._leaves.pop(file_id, None)
        return file_id

    def delete_file(self, file_id: str) -> None:
        self._sweep()
        self._leaves.setdefault(file_id, self._clock() + KEEP)

    def get_file(self, filename: str) -> MemoryFile:
        """Refused once its time is past, though nobody has swept since."""
        leaves = self._leaves.get(filename.rpartition(".")[0] or filename)
        if leaves is not None and leaves <= self._clock():
            raise MediaFileStorageError("the file's time is past")
        return super().get_file(filename)

    def _sweep(self) -> None:
        now = self._clock()
        for file_id in [file_id for file_id, leaves in self._leaves.items() if leaves <= now]:
            del self._leaves[file_id]
            super().delete_file(file_id)


def keep_files() -> None:
    """To be called before the server is made: it takes its store from Streamlit's module."""
    memory_media_file_storage.MemoryMediaFileStorage = KeptFiles
