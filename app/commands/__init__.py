"""The commands of `bridgeline`, one file per group: each calls one domain function and replies."""
