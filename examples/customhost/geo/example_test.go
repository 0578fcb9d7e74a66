package geo_test

import (
	"context"
	"errors"
	"fmt"

	"example.com/customhost/geo"
	"github.com/spinhost/spin/hostapi"
)

// An implementation can be tested without a guest.
func ExampleAtlas() {
	ctx, cities := context.Background(), geo.Cities()
	place, err := cities.Find(ctx, "vienna")
	fmt.Println(place, err)
	_, err = cities.Find(ctx, "Atlantis")
	fmt.Println(errors.Is(err, geo.ErrorUnknown("Atlantis")), err)
	// Output:
	// {Vienna 48.21 16.37} <nil>
	// true unknown(Atlantis)
}

func ExampleHost() {
	apis := hostapi.NewRegistry(geo.Host(geo.Cities()))
	fmt.Println(apis.Versions("acme:geo/lookup"), apis.Capabilities())
	// Output: [1.0.0] [geo]
}
