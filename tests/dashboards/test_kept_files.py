"""A file made at the press of a button is there when the browser asks for it, whatever others do in between."""

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError

from dashboards.kept_files import KEEP, KeptFiles


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def made(storage: KeptFiles, manager: MediaFileManager, data: bytes = b"rows") -> str:
    """The address of a file made as a press of its button makes it."""
    return manager.execute_deferred(manager.add_deferred(lambda: data, "text/csv", "1", "rows.csv")).rpartition("/")[2]


def test_others_pages_do_not_take_a_file_away():
    clock = Clock()
    storage = KeptFiles("/media", clock)
    manager = MediaFileManager(storage)
    name = made(storage, manager)
    for _ in range(5):  # at the end of each page that anybody is shown
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"rows"


def test_a_file_does_not_stay_for_ever():
    clock = Clock()
    storage = KeptFiles("/media", clock)
    manager = MediaFileManager(storage)
    name = made(storage, manager)
    manager.remove_orphaned_files()
    manager.remove_orphaned_files()
    clock.now = KEEP
    with pytest.raises(MediaFileStorageError):  # on a quiet server, too, where nobody has swept since
        storage.get_file(name)
    made(storage, manager, b"others")
    clock.now = 0  # were it still held, its time would not be past
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)


def test_a_file_made_again_stays_again():
    clock = Clock()
    storage = KeptFiles("/media", clock)
    manager = MediaFileManager(storage)
    made(storage, manager)
    manager.remove_orphaned_files()
    manager.remove_orphaned_files()
    clock.now = KEEP - 1
    name = made(storage, manager)
    clock.now = KEEP + 1
    made(storage, manager, b"others")
    assert storage.get_file(name).content == b"rows"
