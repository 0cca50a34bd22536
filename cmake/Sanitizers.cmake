set(CALLRAIL_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread")

if(CALLRAIL_SANITIZE)
  # Everything in one program must agree on these, hence directory-wide.
  add_compile_options(-fsanitize=${CALLRAIL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${CALLRAIL_SANITIZE})
endif()
