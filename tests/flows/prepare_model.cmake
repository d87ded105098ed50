# Makes the resources that the flows run on: the shipped examples and technologies, and a small model of the
# folded-cascode example, trained for seconds. Made anew when the programs that make it have changed.
# Needs SOURCE_DIR, OUT and CLI.
set(model "${OUT}/models/folded_cascode")
if(EXISTS "${model}/model.yaml" AND NOT "${CLI}" IS_NEWER_THAN "${model}/model.yaml")
    return()
endif()
file(REMOVE_RECURSE "${OUT}")
file(COPY "${SOURCE_DIR}/resources/examples" "${SOURCE_DIR}/resources/technologies"
     "${SOURCE_DIR}/resources/grid_technologies" "${SOURCE_DIR}/resources/cells" DESTINATION "${OUT}")
set(ENV{HEADROOM_RESOURCES} "${OUT}")
foreach(step IN ITEMS
        "dataset;${OUT}/examples/folded_cascode.sp;--size;40;--out;${OUT}/models/folded_cascode_data"
        "train;${OUT}/models/folded_cascode_data;--epochs;30;--out;${model}")
    execute_process(COMMAND "${CLI}" sizing ${step} RESULT_VARIABLE code OUTPUT_QUIET ERROR_VARIABLE errors)
    if(NOT code EQUAL 0)
        file(REMOVE_RECURSE "${OUT}")
        message(FATAL_ERROR "headroom-cli sizing ${step}: ${errors}")
    endif()
endforeach()
file(REMOVE "${OUT}/models/folded_cascode_data/simulations.sqlite")
