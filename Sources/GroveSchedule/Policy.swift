/// x
public struct Policy {}
