# callrail_embed(TARGET FILE HEADER FUNCTION): a library with `std::string_view FUNCTION()`, declared in HEADER, whose value is
# FILE as it was when it was built. The text lies in pages of the program that are loaded when somebody reads them.
function(callrail_embed target file header function)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DOUT=${source} -DHEADER=${header} -DFUNCTION=${function}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/EmbedFile.cmake
    COMMENT "Embedding ${file}"
    VERBATIM)
  add_library(${target} STATIC ${source})
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${target} PUBLIC callrail-base PRIVATE callrail-warnings)
endfunction()
