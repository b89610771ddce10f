"""Reading what comes from outside: files are judged at the border, and every fault names its place and its mend."""
