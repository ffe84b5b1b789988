"""What goes wrong on somebody's machine, said in one sentence."""

import errno
import os
import pwd

OF_ERRNO = {
    errno.ENOSPC: "The disk is full: {place} could not be written.",
    errno.EDQUOT: "The disk quota is used up: {place} could not be written.",
    errno.EROFS: "The disk is read-only: {place} could not be written.",
    errno.EACCES: "{who} may not use {place}: run as its owner, or change its permissions.",
    errno.EPERM: "{who} may not use {place}: run as its owner, or change its permissions.",
    errno.EMFILE: "Too many files are open: raise the limit (ulimit -n).",
    errno.ENFILE: "Too many files are open on this machine.",
    errno.ENOMEM: "There is not enough memory to start a process.",
    errno.EAGAIN: "The limit of processes of {who} is reached (ulimit -u).",
}


class TroubleError(Exception):
    """One sentence for the person at the terminal: what is wrong, and what to do about it."""


def account_name(uid: int) -> str:
    """The login name of a user id; containers have ids without one."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def sentence(error: OSError) -> str:
    """The sentence for an error of the operating system that nothing nearer could explain."""
    place = str(error.filename or "the data folder")
    template = OF_ERRNO.get(error.errno or 0, "{place}: {reason}.")
    return template.format(place=place, who=account_name(os.geteuid()), reason=error.strerror or error)
