"""Waiting and sending in the background. Celery lives only here and in app.worker."""
