package random

// Number is what the functions for numbers return.
var Number = number
