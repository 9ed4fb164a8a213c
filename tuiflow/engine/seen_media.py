"""Media under the names of their kinds, for whoever can see them."""

from tuiflow.model.media import Audio, File, Image, Medium, Video


class SeesMedia:
    """Sorts `media` by kind; each list is in the order in which they were given and made."""

    __slots__ = ()

    @property
    def media(self) -> tuple[Medium, ...]:
        raise NotImplementedError

    @property
    def images(self) -> list[Image]:
        return [each for each in self.media if isinstance(each, Image)]

    @property
    def videos(self) -> list[Video]:
        return [each for each in self.media if isinstance(each, Video)]

    @property
    def audio(self) -> list[Audio]:
        return [each for each in self.media if isinstance(each, Audio)]

    @property
    def files(self) -> list[File]:
        return [each for each in self.media if isinstance(each, File)]
