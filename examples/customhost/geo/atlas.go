package geo

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// Atlas is a Lookup in a list of places. It is safe for concurrent use.
type Atlas []Place

// Cities returns an atlas of a few cities.
func Cities() Atlas {
	return Atlas{{"Graz", 47.07, 15.44}, {"Paris", 48.86, 2.35}, {"Tokyo", 35.68, 139.69}, {"Vienna", 48.21, 16.37}}
}

// Host makes guests reach an implementation, whoever they are.
func Host(impl Lookup) hostapi.Interface {
	served := ServeLookup(impl)
	return hostapi.Interface{
		ID:         LookupID,
		Capability: "geo",
		Bind:       func(*hostapi.Scope) (*abi.Interface, error) { return served, nil },
	}
}

// Find implements Lookup. One that asks a server would give it ctx, which ends when the guest
// does not want the answer any more.
func (a Atlas) Find(ctx context.Context, name string) (Place, error) {
	for _, p := range a {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
	}
	return Place{}, ErrorUnknown(name) // the error case of WIT; any other error would trap the guest
}

// Distance implements Lookup, by the haversine formula on a sphere.
func (Atlas) Distance(_ context.Context, a, b Place) (float64, error) {
	half := func(degrees float64) float64 { return math.Pow(math.Sin(degrees*math.Pi/360), 2) }
	cos := func(degrees float64) float64 { return math.Cos(degrees * math.Pi / 180) }
	h := half(b.Latitude-a.Latitude) + cos(a.Latitude)*cos(b.Latitude)*half(b.Longitude-a.Longitude)
	return 2 * 6371 * math.Asin(math.Sqrt(min(h, 1))), nil
}

// Near implements Lookup. Elements of a stream may also come one after the other, from whatever
// implements abi.Elements.
func (a Atlas) Near(ctx context.Context, center Place, kilometres float64) (abi.Elements[Place], error) {
	far := func(p Place) float64 { d, _ := a.Distance(ctx, center, p); return d }
	near := slices.DeleteFunc(slices.Clone(a), func(p Place) bool { return far(p) > kilometres })
	slices.SortFunc(near, func(p, q Place) int { return cmp.Compare(far(p), far(q)) })
	return abi.Slice(near), nil
}
