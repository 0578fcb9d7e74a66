package io

// Poll is the function poll of wasi:io/poll.
var Poll = pollInterface{}.Poll
