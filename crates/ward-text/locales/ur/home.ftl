# What patients and carers read on their own pages, in Urdu. A draft.

home-ward-phone = وارڈ کو فون کریں: { $phone }
