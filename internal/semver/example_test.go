package semver_test

import (
	"fmt"

	"github.com/spinhost/spin/internal/semver"
)

func ExampleParse() {
	v, err := semver.Parse("0.2.10-rc.1")
	fmt.Println(v.Minor, v.Pre, err)

	_, err = semver.Parse("0.2")
	fmt.Println(err)
	// Output:
	// 2 rc.1 <nil>
	// "0.2" is not a version: there is the end where a dot has to be: write all of MAJOR.MINOR.PATCH, such as 1.2.0
}

func ExampleParseRequirement() {
	r, err := semver.ParseRequirement("1.2, <1.9")
	if err != nil {
		panic(err)
	}
	var versions []semver.Version
	for _, text := range []string{"1.1.0", "1.2.0", "1.8.3", "1.9.0"} {
		v, err := semver.Parse(text)
		if err != nil {
			panic(err)
		}
		versions = append(versions, v)
	}
	fmt.Println(versions[r.Highest(versions)])
	// Output: 1.8.3
}

func ExampleExactly() {
	fmt.Println(semver.Exactly(semver.Version{Major: 1, Minor: 4}))
	// Output: =1.4.0
}

func ExampleVersion_Track() {
	fmt.Println(semver.Version{Major: 1, Minor: 4}.Track(), semver.Version{Minor: 4}.Track())
	// Output: 1 0.4
}
