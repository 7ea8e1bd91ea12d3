"""One reading of labels and values: `date of birth: 1984-03-12`, however a text sets the two beside each other."""
