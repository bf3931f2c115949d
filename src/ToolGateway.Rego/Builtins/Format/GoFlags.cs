namespace ToolGateway.Rego.Builtins.Format;

/// <summary>Flags, width and precision of one directive.</summary>
internal struct GoFlags
{
    public bool Sharp { get; set; }

    public bool Zero { get; set; }

    public bool Plus { get; set; }

    public bool Minus { get; set; }

    public bool Space { get; set; }

    /// <summary><c>%#v</c>: Go syntax.</summary>
    public bool SharpV { get; set; }

    public int? Width { get; set; }

    public int? Precision { get; set; }

    /// <summary>In <c>%v</c> the sharp flag asks for Go syntax and the plus flag for field names, which no operand here has.</summary>
    public void ForVerbV()
    {
        SharpV = Sharp;
        Sharp = false;
        Plus = false;
    }
}
