"""Customers' data: `detector` finds it, `build` makes its index out of a company's CSV."""
