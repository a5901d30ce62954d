"""The one door to the records: every act is authorised, audited and atomic."""
