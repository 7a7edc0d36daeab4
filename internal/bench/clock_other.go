//go:build !unix

package main

import "time"

// clock is the time of the day, where that of the process is not known.
func clock() time.Duration { return time.Duration(time.Now().UnixNano()) }
