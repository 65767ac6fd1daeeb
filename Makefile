# Faces of cmake, like ./run and ./test; nothing lives here. `make help` lists them.
.PHONY: help build check full fuzz bench package
help:
	@echo "make build   the optimised program: build/release/bin/polyphase"
	@echo "make check   while working: configure, build, fast tests only"
	@echo "make full    every test, the same under the address and undefined behaviour sanitizers, a"
	@echo "             simulated month, and the fuzz targets for a few seconds each"
	@echo "make fuzz    the fuzz targets alone (SECONDS_EACH=60)"
	@echo "make package a .deb with the program and its systemd unit: build/release/polyphase_*.deb"
	@echo "make bench   speed of the engine and its stages"
	@echo "./run        build and start a meter on its simulated feeder    ./test   everything CI runs"
build:
	tools/install run
	tools/page
	tools/quietly cmake --preset release
	cmake --build --preset release --target polyphase
check:
	tools/install run test
	tools/page
	tools/quietly cmake --preset dev
	cmake --build --preset dev
	ctest --preset dev
full: SECONDS_EACH = 10
full:
	./test
	tools/quietly cmake --preset asan
	cmake --build --preset asan
	ctest --preset asan
	POLYPHASE_SIMULATED_DAYS=30 build/ci/bin/property_test --gtest_filter='LongRun.*'
	$(MAKE) fuzz SECONDS_EACH=$(SECONDS_EACH)
SECONDS_EACH ?= 60
fuzz:
	tools/install run dev
	tools/quietly cmake --preset fuzz
	cmake --build --preset fuzz
	tools/fuzz build/fuzz $(SECONDS_EACH)
bench:
	tools/install run test
	tools/page
	tools/quietly cmake --preset release -DPOLYPHASE_BENCH=ON
	cmake --build --preset release
	build/release/bin/polyphase_bench
package: build
	tools/install package
	cd build/release && cpack -G DEB
