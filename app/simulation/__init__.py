"""A simulated year: made-up people live with the service, and each day it is held to its word.

Nothing of the service knows that it is being simulated: its webhooks, its outbox and its engine of
time run as ever, against the pretend carrier, on a clock that only moves when it is told.
"""
