"""The face of Mesa: agents and views made from the columns when somebody looks."""
