# The few shapes of target that the project has. Warnings are errors in our own code only.

function(headroom_warnings target)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        return() # for the fuzzers alone; GCC's warnings are the project's
    endif()
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor
                           -Wold-style-cast -Woverloaded-virtual -Wdouble-promotion -Werror)
endfunction()

# headroom_core_library(NAME HEADERS ... SOURCES ... [DEPENDS ...] [PRIVATE_DEPENDS ...])
# One folder of core = one static library headroom_NAME, alias headroom::NAME. Its public headers form
# a header set that is compiled one by one, with nothing but core's own dependencies on the path.
function(headroom_core_library name)
    cmake_parse_arguments(ARG "" "" "HEADERS;SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    set(target headroom_${name})
    add_library(${target} STATIC ${ARG_SOURCES})
    add_library(headroom::${name} ALIAS ${target})
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${ARG_HEADERS})
    target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
    headroom_warnings(${target})
endfunction()

# headroom_core_test(NAME [WHOLE] SOURCES ... DEPENDS ...)
# A GoogleTest executable for one folder of core. WHOLE registers the executable as a single test: for
# those that pay a long start (the network engine).
function(headroom_core_test name)
    cmake_parse_arguments(ARG "WHOLE" "" "SOURCES;DEPENDS" ${ARGN})
    set(target test_${name})
    add_executable(${target} ${ARG_SOURCES})
    target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE ${ARG_DEPENDS} headroom_test_support GTest::gtest_main)
    headroom_warnings(${target})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    if(ARG_WHOLE)
        add_test(NAME ${name} COMMAND ${target})
    else()
        gtest_discover_tests(${target} TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST)
    endif()
endfunction()

# headroom_widget_library(NAME HEADERS ... SOURCES ... [DEPENDS ...] [PRIVATE_DEPENDS ...])
# One folder of widgets = one static library headroom_widgets_NAME, alias headroom::widgets_NAME. Siblings
# do not link each other: what they share is in widgets_common.
function(headroom_widget_library name)
    cmake_parse_arguments(ARG "" "" "HEADERS;SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    set(target headroom_widgets_${name})
    add_library(${target} STATIC ${ARG_SOURCES})
    add_library(headroom::widgets_${name} ALIAS ${target})
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${ARG_HEADERS})
    target_link_libraries(${target} PUBLIC Qt6::Widgets ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
    set_target_properties(${target} PROPERTIES AUTOMOC ON AUTORCC ON)
    headroom_warnings(${target})
endfunction()

# headroom_widget_test(NAME SOURCES ... DEPENDS ...)
# A Qt Test executable, run without a display.
function(headroom_widget_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    set(target test_${name})
    add_executable(${target} ${ARG_SOURCES})
    target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE ${ARG_DEPENDS} headroom_test_support Qt6::Test)
    headroom_warnings(${target})
    set_target_properties(${target} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
endfunction()

# headroom_network_sources(SOURCES ... DEPENDS ...)
# Adds sources that use LibTorch to the network library (core/compute/network_library.h says how a folder
# offers a network). Does nothing where the networks are not built.
function(headroom_network_sources)
    if(NOT HEADROOM_NETWORKS)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    list(TRANSFORM ARG_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    target_sources(headroom-networks PRIVATE ${ARG_SOURCES})
    target_link_libraries(headroom-networks PRIVATE ${ARG_DEPENDS})
endfunction()
