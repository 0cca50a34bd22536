# Several sources compiled as one, in the preset asan: most of the time a small source takes goes into its headers, and the
# sanitized build repeats what the other one has shown. Files whose names of their own would meet are compiled alone.

# callrail_alone(SOURCE…): these are not put together with others.
function(callrail_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
