"""The full-screen app. Nothing else imports Textual; `showing` brings it when it is shown."""
