# What patients and carers read on their own pages, in Polish. A draft.

home-ward-phone = Zadzwoń na oddział: { $phone }
